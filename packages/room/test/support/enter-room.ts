import type { Page } from 'playwright-core'

/** Opens the page of a room, and joins it. */
export async function enterRoom(
  { open }: { readonly open: (address: string) => Promise<Page> },
  address: string,
  name = 'ann',
): Promise<Page> {
  const page = await open(address)
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('button', { name: 'Join' }).click()
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
  return page
}

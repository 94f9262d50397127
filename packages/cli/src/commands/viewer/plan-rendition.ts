import { formatTopic, OptionError, parseTopic } from '@zcast/shared'
import { heightOfRendition } from '@zcast/shared/internal'
import { nameTopics, type SubscriptionPlan } from '../../subscription/plan.ts'

/**
 * Applies the option `rendition` to what is subscribed to.
 *
 * @throws {@link OptionError} when it is no rendition, or there is no one stream to have it of.
 */
export function planRendition(plan: SubscriptionPlan, rendition: string | undefined): SubscriptionPlan {
  if (rendition === undefined) return plan
  if (plan.format)
    throw new OptionError(
      `rendition is for zcast's own format: messages of ${plan.format.name} have one size`,
    )
  const topic = plan.topics.length === 1 ? parseTopic(plan.topics[0] as string) : undefined
  if (!topic)
    throw new OptionError(
      `rendition is of one stream, and this viewer receives ${nameTopics(plan)}: name one with --topic, such as video/main`,
    )
  if (topic.rendition !== undefined)
    throw new OptionError(`the topic ${nameTopics(plan)} names a rendition already: leave out one of the two`)
  if (rendition === 'auto') return { ...plan, rendition }
  if (heightOfRendition(rendition) === undefined)
    throw new OptionError(`rendition must be auto, or a height in pixels such as 360p, got "${rendition}"`)
  return { ...plan, topics: [formatTopic('video', topic.stream, rendition)] }
}

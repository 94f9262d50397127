import { tmpdir } from 'node:os'
import type { CommandContext } from '../../command-context.ts'
import { checkAnybody } from './checks/check-anybody.ts'
import { checkBehind } from './checks/check-behind.ts'
import { checkCapture } from './checks/check-capture.ts'
import { checkClock } from './checks/check-clock.ts'
import { checkDisk } from './checks/check-disk.ts'
import { checkFfmpeg } from './checks/check-ffmpeg.ts'
import { checkNetwork } from './checks/check-network.ts'
import { checkPagePorts } from './checks/check-page-ports.ts'
import { checkPages } from './checks/check-pages.ts'
import { checkReaders } from './checks/check-readers.ts'
import { checkTopics } from './checks/check-topics.ts'
import { checkVersions } from './checks/check-versions.ts'
import type { DoctorPlan } from './doctor-plan.ts'
import { type Finding, warning } from './finding.ts'
import { formatFinding } from './format-finding.ts'
import { showProgress } from './progress-line.ts'
import { type EndpointExam, examineEndpoint } from './stream/examine-endpoint.ts'

/** Looks at everything at once, and prints what it finds. The exit status is 1 when there is a problem. */
export async function runDoctor(context: CommandContext, plan: DoctorPlan): Promise<void> {
  const { signal, output, json, quiet } = context
  context.ready()
  const stop = showProgress(context, 'looking at this machine, and measuring for 5 s')
  const checks = await Promise.all([
    collect(checkFfmpeg()),
    collect(
      checkDisk([
        { path: plan.logDirectory, use: 'the error log' },
        { path: '.', use: 'files that are recorded' },
        { path: tmpdir(), use: 'temporary files' },
      ]),
    ),
    collect(checkPagePorts()),
    checkStreams(plan, signal),
    collect(checkPages(plan.connect, plan.pages, signal)),
    collect(checkReaders(plan.connect, signal)),
  ]).finally(stop)
  if (context.interrupted()) return
  const findings = [...checkKeys(plan), ...checks.flat()]
  const shown = quiet ? findings.filter(({ level }) => level !== 'ok') : findings
  for (const finding of shown) output.write(`${json ? JSON.stringify(finding) : formatFinding(finding)}\n`)
  if (findings.some(({ level }) => level === 'problem')) process.exitCode = 1
  if (!quiet) context.summary(summarize(findings))
}

async function checkStreams(plan: DoctorPlan, signal: AbortSignal): Promise<readonly Finding[]> {
  const exams = await Promise.all(plan.connect.map((endpoint) => examineEndpoint(endpoint, plan, signal)))
  return [
    ...exams.flatMap(({ findings }) => findings),
    ...(await checkAnybody(exams, plan)),
    ...checkTopics(exams, plan.topics),
    ...exams.flatMap(judgeExam),
    ...checkVersions(exams),
  ]
}

function judgeExam(exam: EndpointExam): readonly Finding[] {
  const streams = exam.streams.flatMap((stream) => [...checkCapture(stream), ...checkNetwork(stream)])
  return [...checkBehind(exam), ...checkClock(exam), ...streams]
}

function* checkKeys({ keys }: DoctorPlan): Generator<Finding, void> {
  if (keys.warning !== undefined)
    yield warning('keys-file', keys.warning, 'let only its owner read it: chmod 600')
}

async function collect(check: AsyncIterable<Finding>): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for await (const finding of check) findings.push(finding)
  return findings
}

function summarize(findings: readonly Finding[]): string {
  const count = (wanted: Finding['level'], name: string): string => {
    const many = findings.filter(({ level }) => level === wanted).length
    return `${many} ${name}${many === 1 ? '' : 's'}`
  }
  return `${count('problem', 'problem')}, ${count('warning', 'warning')}, ${findings.filter(({ level }) => level === 'ok').length} as they should be`
}

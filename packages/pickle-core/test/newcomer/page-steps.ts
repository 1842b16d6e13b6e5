/** The steps of a page that shows a way: its files, its commands, and what it says that they print. */

/** A file, given in full below a line with its name. */
export interface FileStep {
  readonly file: string
  readonly text: string
}

/** Commands, and the lines that the page shows of what they print. */
interface RunStep {
  readonly commands: string
  readonly printed: readonly string[]
}

export type PageStep = FileStep | RunStep

interface Block {
  readonly language: string
  readonly text: string
  /** The last line of text before it. */
  readonly above: string
}

/**
 * The steps of one section of a page, in order. Every block in it is a step: `sh` is run, `text` is what it prints, anything else is a file.
 *
 * @throws if a file has no name above it, or a text no commands.
 */
export function pageSteps(page: string, heading: string): readonly PageStep[] {
  const steps: PageStep[] = []
  for (const { language, text, above } of blocksOf(sectionOf(page, heading))) {
    if (language === 'sh') steps.push({ commands: text, printed: [] })
    else if (language === 'text') {
      const last = steps.pop()
      if (last === undefined || !('commands' in last)) throw new Error(`no commands before the text:\n${text}`)
      steps.push({ ...last, printed: text.trimEnd().split('\n') })
    } else {
      const file = /^`([\w./-]+)`$/.exec(above)?.[1]
      if (file === undefined) throw new Error(`no file name above the ${language} block:\n${text}`)
      steps.push({ file, text })
    }
  }
  return steps
}

/** The change that a section shows as a diff, and the lines that it says are printed then. */
export function pageChange(page: string, heading: string): { from: string; to: string; printed: readonly string[] } {
  const blocks = blocksOf(sectionOf(page, heading))
  const [diff, text] = ['diff', 'text'].map((language) => blocks.find((block) => block.language === language)?.text)
  const line = (sign: string): string => {
    const found = diff?.split('\n').filter((one) => one.startsWith(sign)) ?? []
    if (found.length !== 1) throw new Error(`not one line with ${sign} in:\n${diff}`)
    return (found[0] as string).slice(1)
  }
  return { from: line('-'), to: line('+'), printed: (text ?? '').trimEnd().split('\n') }
}

/** The text from a heading to the next one. */
function sectionOf(page: string, heading: string): string {
  const from = page.indexOf(`\n${heading}\n`)
  if (from < 0) throw new Error(`there is no section ${heading}`)
  const section = page.slice(from + heading.length + 2)
  // Inside of a block a `#` is a comment.
  const outside = section.replaceAll(/^```[\s\S]*?^```/gm, (block) => block.replaceAll('\n#', '\n '))
  const end = outside.search(/^#{1,6} /m)
  return end < 0 ? section : section.slice(0, end)
}

function blocksOf(section: string): readonly Block[] {
  return [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[1] as string,
    text: match[2] as string,
    above: section.slice(0, match.index).trimEnd().split('\n').at(-1) as string,
  }))
}

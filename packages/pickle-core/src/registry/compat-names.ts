/** How the tables of Python 2's and Python 3's names are kept and asked: as text, because it bundles small. */

/** Old names and new ones. */
export interface CompatNames {
  readonly modules: ReadonlyMap<string, string>
  readonly names: ReadonlyMap<string, readonly [string, string]>
}

/**
 * Reads the generated text: rows end in commas, words are parted by spaces.
 *
 * @param modules Old and new module.
 * @param moved Old and new module, and the names of globals that only change it.
 * @param renamed Old module and name, new module and name.
 */
export function compatNames(modules: string, moved: string, renamed: string): CompatNames {
  const names = new Map<string, readonly [string, string]>()
  for (const [from, to, ...group] of rows(moved) as [string, string, ...string[]][]) {
    for (const name of group) names.set(`${from} ${name}`, [to, name])
  }
  for (const [m, n, toM, toN] of rows(renamed) as [string, string, string, string][]) names.set(`${m} ${n}`, [toM, toN])
  return { modules: new Map(rows(modules) as [string, string][]), names }
}

/** The new module and name of a global; its own where the tables have no other. */
export function lookUp({ modules, names }: CompatNames, module: string, name: string): readonly [string, string] {
  // No module in the tables has a space in it, so the joined key names one pair.
  const renamed = module.includes(' ') ? undefined : names.get(`${module} ${name}`)
  return renamed ?? [modules.get(module) ?? module, name]
}

function rows(text: string): string[][] {
  return text
    .split(',')
    .slice(0, -1)
    .map((row) => row.split(' '))
}

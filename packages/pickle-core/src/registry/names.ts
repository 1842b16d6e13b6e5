/** The names of a module, in a table by module and name; made for the first of them. */
export function namesOf<T>(modules: Map<string, Map<string, T>>, module: string): Map<string, T> {
  let names = modules.get(module)
  if (names === undefined) {
    names = new Map()
    modules.set(module, names)
  }
  return names
}

// Loads the code of one JavaScript subject. Only the subject that is asked for is imported: a process holds no other.

/** @param {string} id @param {string} [entry] */
export async function openSubject(id, entry) {
  switch (id) {
    case 'ours':
    case 'base':
      return await (await import('../subjects/ours.mjs')).open(entry)
    case 'msgpackr':
      return (await import('../subjects/msgpackr.mjs')).plain()
    case 'clone':
      return (await import('../subjects/msgpackr.mjs')).clone()
    case 'v8':
      return (await import('../subjects/v8.mjs')).open()
    case 'json':
      return (await import('../subjects/json.mjs')).open()
    case 'pparser':
      return (await import('../subjects/pickleparser.mjs')).open()
    case 'copy':
      return (await import('../subjects/copy.mjs')).open()
    default:
      throw new Error(`no subject '${id}'`)
  }
}

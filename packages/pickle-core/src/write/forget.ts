/** Lets go of the first `count` values of a list that is kept between dumps. */
export function forget<T>(list: T[], count: number, empty: T): void {
  // A loop for a few: the call of `fill` takes longer than a small dump has time for. Long, the loop is never optimized well.
  if (count > 64) list.fill(empty, 0, count)
  else for (let i = 0; i < count; i++) list[i] = empty
}

/**
 * Text from a file, fit for a terminal: what would move the cursor, colour the screen or turn the direction of writing is shown as
 * its code, and what is long is cut.
 */
export function printable(text: string, most = 80): string {
  const short = text.length > most ? `${text.slice(0, most)}...` : text
  return short.replaceAll(/(?! )[\p{C}\p{Z}]/gu, (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`)
}

// Matching with IAM's two wildcards: `*` for any characters, `?` for exactly one. Everything else is taken literally.

export const matchesWildcards = (pattern: string, text: string): boolean => {
  // Greedy with one step back: linear for the patterns that occur, and never exponential.
  let at = 0;
  let inText = 0;
  let star = -1;
  let starText = 0;
  while (inText < text.length) {
    if (at < pattern.length && (pattern[at] === '?' || (pattern[at] === text[inText] && pattern[at] !== '*'))) {
      at += 1;
      inText += 1;
    } else if (pattern[at] === '*') {
      star = at;
      starText = inText;
      at += 1;
    } else if (star >= 0) {
      starText += 1;
      inText = starText;
      at = star + 1;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
};

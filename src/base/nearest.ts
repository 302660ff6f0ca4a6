/** Longer names, in letters, are near to nothing: nobody has misspelt them, and comparing them would take long. */
const longestCompared = 100;

/** A row of the table of distances: from the source's letters so far to each beginning of the target. */
const row = new Uint16Array(longestCompared + 1);

/** Edit distance between two words (Levenshtein) of at most 100 letters each. */
function distance(source: string, target: string): number {
  const { length } = target;
  for (let j = 0; j <= length; j++) row[j] = j;
  for (let i = 1; i <= source.length; i++) {
    const letter = source.charCodeAt(i - 1);
    let diagonal = i - 1;
    let left = row[0] = i;
    for (let j = 1; j <= length; j++) {
      const above = row[j]!;
      const least = above < left ? above + 1 : left + 1; // a letter less, or one more
      const substitution = letter === target.charCodeAt(j - 1) ? diagonal : diagonal + 1;
      left = row[j] = substitution < least ? substitution : least;
      diagonal = above;
    }
  }
  return row[length]!;
}

/**
 * How far a name is from a candidate, both in small letters: containing it counts as near, whatever else the candidate
 * holds, and so does a word of several, one letter less than the whole.
 */
function dissimilarity(name: string, candidate: string): number {
  if (candidate.includes(name)) return (candidate.length - name.length) / (candidate.length + 1);
  if (Math.max(name.length, candidate.length) > longestCompared) return Infinity;
  let least = distance(name, candidate);
  const words = candidate.split(/[\s_/-]+/);
  if (words.length === 1) return least;
  for (const word of words) {
    const atLeast = Math.abs(word.length - name.length) + 1;
    if (atLeast < least) least = Math.min(least, distance(name, word) + 1);
  }
  return least;
}

/**
 * The candidates most like a name that was not found, best first. To a name of more than 100 letters none is like, unless
 * it holds it: then they are in their own order.
 *
 * @param name What was asked for.
 * @param candidates What there is.
 * @param count How many to return at most.
 */
export function nearest(name: string, candidates: Iterable<string>, count = 3): string[] {
  const small = name.toLowerCase();
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, score: dissimilarity(small, candidate.toLowerCase()) }))
    .sort((a, b) => a.score === b.score ? 0 : a.score - b.score)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/**
 * The candidate that was probably meant by a name that was not found, if one comes near it: at most a third of the
 * letters are wrong, or it is a part of the candidate.
 *
 * @param name What was asked for.
 * @param candidates What there is.
 */
export function likely(name: string, candidates: Iterable<string>): string | undefined {
  const [best] = nearest(name, candidates, 1);
  const allowed = Math.floor(name.length / 3);
  if (best === undefined) return undefined;
  return dissimilarity(name.toLowerCase(), best.toLowerCase()) <= allowed ? best : undefined;
}

/** Edit distance between two words (Levenshtein), ignoring case. */
function distance(a: string, b: string): number {
  const source = a.toLowerCase();
  const target = b.toLowerCase();
  let row = Array.from({ length: target.length + 1 }, (_, index) => index);
  for (let i = 1; i <= source.length; i++) {
    const next = [i];
    for (let j = 1; j <= target.length; j++) {
      const substitution = row[j - 1]! + (source[i - 1] === target[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[target.length]!;
}

/**
 * How far `name` is from `candidate`: containing it counts as near, whatever else the candidate holds, and so does a
 * word of several, one letter less than the whole.
 */
function dissimilarity(name: string, candidate: string): number {
  const contained = candidate.toLowerCase().includes(name.toLowerCase());
  if (contained) return (candidate.length - name.length) / (candidate.length + 1);
  const words = candidate.split(/[\s_/-]+/);
  const toWord = Math.min(...words.map((word) => distance(name, word))) + 1;
  return Math.min(distance(name, candidate), words.length > 1 ? toWord : Infinity);
}

/**
 * The candidates most like a name that was not found, best first.
 *
 * @param name What was asked for.
 * @param candidates What there is.
 * @param count How many to return at most.
 */
export function nearest(name: string, candidates: Iterable<string>, count = 3): string[] {
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, score: dissimilarity(name, candidate) }))
    .sort((a, b) => a.score - b.score)
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
  return best !== undefined && dissimilarity(name, best) <= allowed ? best : undefined;
}

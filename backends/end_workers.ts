/** The command on which the threads of pthreadpool, which XNNPACK computes on, leave their loop. */
const shutDownCommand = 2;

/** The bit that pool flips with each command, so that two alike in a row can be told apart. */
const flippedBit = 0x8000_0000;

/** Where in its memory the module keeps the command, at most: in the first mebibyte, measured in words. */
const searchedWords = 2 ** 18;

/** How often to look for waiting threads, and how long to wait in between: they spin for a while before. */
const attempts = 20;
const pauseMs = 5;

/** The word that threads wait on, found by waking them, which they take for chance; −1 if none waits. */
function findCommand(words: Int32Array): number {
  for (let index = 0; index < words.length; index++) {
    if (Atomics.notify(words, index) > 0) return index;
  }
  return -1;
}

/** A worker that can be ended while its thread does not wait within WebAssembly. */
interface Endable {
  terminate(): Promise<unknown> | void;
}

/**
 * End workers of the threaded module. Deno cannot terminate a worker while its thread waits within WebAssembly,
 * and the module exports nothing that ends its threads: they are told by way of its memory, as pthreadpool would.
 *
 * @param workers The workers, with no computation under way.
 * @param memory The memory they share.
 */
export async function endWorkers(workers: ReadonlySet<Endable>, memory: ArrayBufferLike): Promise<void> {
  const words = new Int32Array(memory, 0, Math.min(searchedWords, memory.byteLength / 4));
  for (let attempt = 0; attempt < attempts && workers.size > 0; attempt++) {
    const index = findCommand(words);
    if (index >= 0) {
      Atomics.store(words, index, (~words[index]! & flippedBit) | shutDownCommand);
      Atomics.notify(words, index);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  await Promise.all([...workers].map((worker) => worker.terminate()));
}

/**
 * Makes one sequence of several that are in order by themselves, with one value of each in memory at a time: a binary heap
 * of the sequences by their next value. Of two values neither of which comes before the other, the one of the earlier
 * sequence comes first.
 */
export function* inOrder<T>(
  sequences: readonly Iterable<T>[],
  comesBefore: (one: T, other: T) => boolean,
): Generator<T> {
  const heap: Sequence<T>[] = [];
  const isBefore = (one: Sequence<T>, other: Sequence<T>) =>
    comesBefore(one.next, other.next) || (one.index < other.index && !comesBefore(other.next, one.next));
  const sink = (sequence: Sequence<T>, from: number) => {
    let index = from;
    for (;;) {
      let child = 2 * index + 1;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Sequence<T>, heap[child] as Sequence<T>)) child++;
      const below = heap[child];
      if (below === undefined || !isBefore(below, sequence)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = sequence;
  };
  try {
    for (const [index, sequence] of sequences.entries()) {
      const rest = sequence[Symbol.iterator]();
      const first = rest.next();
      if (first.done !== true) heap.push({ index, rest, next: first.value });
    }
    for (let index = (heap.length >> 1) - 1; index >= 0; index--) sink(heap[index] as Sequence<T>, index);
    for (let first = heap[0]; first !== undefined; first = heap[0]) {
      yield first.next;
      const following = first.rest.next();
      if (following.done !== true) {
        first.next = following.value;
        sink(first, 0);
      } else {
        const last = heap.pop();
        if (last !== undefined && heap.length > 0) sink(last, 0);
      }
    }
  } finally {
    // Whoever needs no more of them lets go of what the sequences hold, such as open files.
    for (const { rest } of heap) rest.return?.();
  }
}

interface Sequence<T> {
  readonly index: number;
  readonly rest: Iterator<T>;
  /** The value that comes next. */
  next: T;
}

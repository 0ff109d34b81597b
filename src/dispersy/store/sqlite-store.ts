import type { Random } from '../../runtime/random.js';
import { prepareSchema, type SqliteDatabase, type SqliteStatement, storeFailed } from './sqlite-schema.js';
import type { Store, StoredMessage, StoreFactory, SyncDirection, SyncRange } from './store.js';

/** The stores of an instance's communities, in one file. */
export interface SqliteStores {
  readonly open: StoreFactory;
  close(): void;
}

/**
 * Opens a file of stores, or makes a new one. The library behind it is loaded here, so that it costs nothing where it is not used.
 * @throws GumbyError STORE_FAILED naming the file
 */
export async function openSqliteStores(file: string): Promise<SqliteStores> {
  const { default: Database } = await import('libsql');
  let database: SqliteDatabase;
  try {
    database = new Database(file) as unknown as SqliteDatabase;
  } catch (error) {
    throw storeFailed(file, error);
  }
  prepareSchema(database, file);
  let isOpen = true;
  return {
    open: (cid) => new SqliteStore(database, cid),
    close() {
      if (isOpen) database.close();
      isOpen = false;
    },
  };
}

/** A row as SQLite gives it; integers are `bigint`s, because global times need them. */
interface Row {
  readonly member: Blob;
  readonly second_member: Blob | null;
  readonly global_time: bigint;
  readonly message: bigint;
  readonly sequence: bigint;
  readonly undone: bigint;
  readonly synced: bigint;
  readonly packet: Blob;
}

/** The library gives sometimes one type and sometimes the other. */
type Blob = Buffer | ArrayBuffer;

/** SQLite's integers have 64 bits and a sign. */
const INTEGER_MAX = 2n ** 63n - 1n;
/** How many rows are read at once where the caller mostly wants only the first few. */
const PAGE_ROWS = 100;

/** A community's messages in an SQLite file. */
class SqliteStore implements Store {
  readonly #database: SqliteDatabase;
  readonly #community: bigint;
  readonly #statements = new Map<string, SqliteStatement>();

  constructor(database: SqliteDatabase, cid: string) {
    this.#database = database;
    this.#statement('INSERT OR IGNORE INTO community (cid) VALUES (?)').run(cid);
    const row = this.#statement('SELECT id FROM community WHERE cid = ?').get(cid) as { readonly id: bigint };
    this.#community = row.id;
  }

  get size(): number {
    return Number(this.#value('SELECT COUNT(*) AS value FROM sync WHERE community = ?'));
  }

  get syncedCount(): number {
    return Number(this.#value('SELECT COUNT(*) AS value FROM sync WHERE community = ? AND synced = 1 AND undone = 0'));
  }

  get latestGlobalTime(): bigint {
    return this.#value('SELECT COALESCE(MAX(global_time), 0) AS value FROM sync WHERE community = ?');
  }

  add({ mids, globalTime, messageId, sequenceNumber, packet, isSynced, undone }: StoredMessage): void {
    const [member, second] = mids as readonly [Buffer, Buffer?];
    this.#statement('INSERT INTO sync VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
      this.#community,
      member,
      second ?? null,
      globalTime,
      messageId,
      sequenceNumber,
      undone,
      isSynced ? 1 : 0,
      packet,
    );
  }

  get(mid: Buffer, globalTime: bigint): StoredMessage | undefined {
    return this.#select('member = ? AND global_time = ?', mid, globalTime)[0];
  }

  delete(mid: Buffer, globalTime: bigint): void {
    this.#statement('DELETE FROM sync WHERE community = ? AND member = ? AND global_time = ?').run(
      this.#community,
      mid,
      globalTime,
    );
  }

  setUndone(mid: Buffer, globalTime: bigint, undone: bigint): boolean {
    const sql = 'UPDATE sync SET undone = ? WHERE community = ? AND member = ? AND global_time = ?';
    return this.#statement(sql).run(undone, this.#community, mid, globalTime).changes > 0;
  }

  lastSequenceNumber(messageId: number, mid: Buffer): number {
    return Number(
      this.#value(
        'SELECT COALESCE(MAX(sequence), 0) AS value FROM sync WHERE community = ? AND message = ? AND member = ?',
        messageId,
        mid,
      ),
    );
  }

  bySequenceNumber(messageId: number, mid: Buffer, low: number, high: number): StoredMessage[] {
    return this.#select(
      'message = ? AND member = ? AND sequence BETWEEN ? AND ? ORDER BY sequence',
      messageId,
      mid,
      low,
      high,
    );
  }

  byMembers(messageId: number, mids: readonly Buffer[]): StoredMessage[] {
    const [one, other] = mids as readonly [Buffer, Buffer?];
    if (other === undefined)
      return this.#select('message = ? AND member = ? AND second_member IS NULL ORDER BY global_time', messageId, one);
    const isPair = '((member = ? AND second_member = ?) OR (second_member = ? AND member = ?))';
    return this.#select(`message = ? AND ${isPair} ORDER BY global_time`, messageId, one, other, one, other);
  }

  *inRange(messageId: number, range: SyncRange, direction: SyncDirection, random: Random): Iterable<StoredMessage> {
    const { timeLow, timeHigh, modulo, offset } = range;
    const condition = 'message = ? AND undone = 0 AND global_time BETWEEN ? AND ? AND (global_time + ?) % ? = 0';
    const values = [messageId, atMost(timeLow), atMost(timeHigh), offset, modulo];
    if (direction === 'RANDOM') {
      const rows = this.#all(`SELECT rowid FROM sync WHERE community = ? AND ${condition} ORDER BY ${ASC}`, ...values);
      for (const { rowid } of random.shuffle(rows as { readonly rowid: bigint }[]))
        yield* this.#select('rowid = ?', rowid);
      return;
    }
    for (let skipped = 0; ; skipped += PAGE_ROWS) {
      const order = direction === 'ASC' ? ASC : DESC;
      const page = this.#select(`${condition} ORDER BY ${order} LIMIT ? OFFSET ?`, ...values, PAGE_ROWS, skipped);
      yield* page;
      if (page.length < PAGE_ROWS) return;
    }
  }

  between(messageId: number, timeLow: bigint, timeHigh: bigint): StoredMessage[] {
    const condition = `message = ? AND global_time BETWEEN ? AND ? ORDER BY ${ASC}`;
    return this.#select(condition, messageId, atMost(timeLow), atMost(timeHigh));
  }

  syncedFrom(timeLow: bigint, count: number): StoredMessage[] {
    return this.#select(`${SYNCED} AND global_time >= ? ORDER BY ${ASC} LIMIT ?`, atMost(timeLow), count);
  }

  syncedDownFrom(timeHigh: bigint, count: number): StoredMessage[] {
    return this.#select(`${SYNCED} AND global_time <= ? ORDER BY ${DESC} LIMIT ?`, atMost(timeHigh), count);
  }

  syncedModulo(modulo: number, offset: number): StoredMessage[] {
    return this.#select(`${SYNCED} AND (global_time + ?) % ? = 0 ORDER BY ${ASC}`, offset, modulo);
  }

  deleteUpTo(messageId: number, globalTime: bigint): number {
    const sql = 'DELETE FROM sync WHERE community = ? AND message = ? AND global_time <= ?';
    return this.#statement(sql).run(this.#community, messageId, atMost(globalTime)).changes;
  }

  clear(): void {
    this.#statement('DELETE FROM sync WHERE community = ?').run(this.#community);
  }

  /** The file stays open for the other communities of the instance. */
  close(): void {
    this.#statements.clear();
  }

  #select(condition: string, ...values: readonly (number | bigint | Buffer)[]): StoredMessage[] {
    return this.#all(`SELECT * FROM sync WHERE community = ? AND ${condition}`, ...values).map((row) =>
      storedFrom(row as Row),
    );
  }

  #all(sql: string, ...values: readonly (number | bigint | Buffer)[]): unknown[] {
    return this.#statement(sql).all(this.#community, ...values);
  }

  #value(sql: string, ...values: readonly (number | bigint | Buffer)[]): bigint {
    return (this.#statement(sql).get(this.#community, ...values) as { readonly value: bigint }).value;
  }

  #statement(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql).safeIntegers(true);
    this.#statements.set(sql, statement);
    return statement;
  }
}

const SYNCED = 'synced = 1 AND undone = 0';
/** Messages of equal times are in the order of their members, so that all peers agree. */
const ASC = 'global_time ASC, member ASC';
const DESC = 'global_time DESC, member DESC';

function atMost(globalTime: bigint): bigint {
  return globalTime > INTEGER_MAX ? INTEGER_MAX : globalTime;
}

function storedFrom(row: Row): StoredMessage {
  return {
    mids: (row.second_member === null ? [row.member] : [row.member, row.second_member]).map(bufferOf),
    globalTime: row.global_time,
    messageId: Number(row.message),
    sequenceNumber: Number(row.sequence),
    packet: bufferOf(row.packet),
    isSynced: row.synced === 1n,
    undone: row.undone,
  };
}

function bufferOf(blob: Blob): Buffer {
  return Buffer.isBuffer(blob) ? blob : Buffer.from(blob);
}

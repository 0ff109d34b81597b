import { GumbyError, toError } from '../../runtime/errors.js';

/** The part that we use of libsql's interface, which is the same as better-sqlite3's. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
  close(): unknown;
}

export interface SqliteStatement {
  run(...values: readonly SqliteValue[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  get(...values: readonly SqliteValue[]): unknown;
  all(...values: readonly SqliteValue[]): unknown[];
  safeIntegers(toggle?: boolean): SqliteStatement;
}

export type SqliteValue = number | bigint | string | Buffer | null;

const SCHEMA_VERSION = 1;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS community (id INTEGER PRIMARY KEY, cid TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS sync (
    community INTEGER NOT NULL REFERENCES community(id),
    member BLOB NOT NULL,
    second_member BLOB,
    global_time INTEGER NOT NULL,
    message INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    undone INTEGER NOT NULL,
    synced INTEGER NOT NULL,
    packet BLOB NOT NULL,
    UNIQUE (community, member, global_time)
  );
  CREATE INDEX IF NOT EXISTS sync_by_kind ON sync (community, message, global_time, member);
  CREATE INDEX IF NOT EXISTS sync_by_member ON sync (community, message, member, second_member, global_time);
  CREATE INDEX IF NOT EXISTS sync_synced ON sync (community, global_time, member) WHERE synced = 1 AND undone = 0;
`;

/** @throws GumbyError STORE_FAILED naming the file. */
export function prepareSchema(database: SqliteDatabase, file: string): void {
  try {
    // The pragmas give up safety for speed: a power failure would cost no more than the run.
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;');
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as {
      readonly user_version: number;
    };
    if (version !== 0 && version !== SCHEMA_VERSION)
      throw new GumbyError(
        'STORE_FAILED',
        `${file} holds a store of version ${version}, this program reads version ${SCHEMA_VERSION}: ` +
          'remove the file, or name another',
        { context: { file, version } },
      );
    database.exec(SCHEMA);
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  } catch (error) {
    throw error instanceof GumbyError ? error : storeFailed(file, error);
  }
}

export function storeFailed(file: string, cause: unknown): GumbyError {
  return new GumbyError(
    'STORE_FAILED',
    `the message store ${file} cannot be used: ${toError(cause).message}; it must be an SQLite file of this program, ` +
      'or a new file in a directory that can be written',
    { context: { file }, cause },
  );
}

/** All rows of the matrix, in the order of the table. */
import type { Row } from "./row.ts";
import { FUNCTION_ROWS } from "./rows-functions.ts";
import { PROMISE_ROWS } from "./rows-promises.ts";
import { TYPE_ROWS } from "./rows-types.ts";
import { WORLD_ROWS } from "./rows-worlds.ts";

export const ROWS: readonly Row[] = [...TYPE_ROWS, ...FUNCTION_ROWS, ...WORLD_ROWS, ...PROMISE_ROWS];

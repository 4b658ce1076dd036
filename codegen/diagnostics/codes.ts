/** All diagnostic codes. A code never changes its meaning: tests, suppressions and links refer to it. */
import { BREAKING_CODES } from "./codes/breaking-codes.ts";
import type { CodeEntry } from "./codes/code-entry.ts";
import { CORE_CODES } from "./codes/core-codes.ts";
import { RUN_CODES } from "./codes/run-codes.ts";
import { SPEAR_CODES } from "./codes/spear-codes.ts";
import { TARGET_CODES } from "./codes/target-codes.ts";
import { WIT_CODES } from "./codes/wit-codes.ts";

export type { CodeEntry } from "./codes/code-entry.ts";

export const CODES = { ...WIT_CODES, ...SPEAR_CODES, ...CORE_CODES, ...BREAKING_CODES, ...RUN_CODES, ...TARGET_CODES };

export type DiagnosticCode = keyof typeof CODES;

/** The entry of a code that comes from outside; undefined if there is no such code. */
export function explain(code: string): CodeEntry | undefined {
	return Object.hasOwn(CODES, code) ? new Map<string, CodeEntry>(Object.entries(CODES)).get(code) : undefined;
}

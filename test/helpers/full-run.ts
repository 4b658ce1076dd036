import process from "node:process";
import { test } from "uvu";
import type { ConformanceOptions } from "../../src/backend-conformance.ts";

/** True if every check runs in full: `npm test -- --full`, and files that are named. Otherwise `npm test` would take twice as long. */
export const isFullRun = process.env.SPEAR_TEST_FULL === "1";

/** Early ends of the streams in the conformance suites: each byte in a full run, a sample in others. */
export const STREAM_ENDS: ConformanceOptions = isFullRun ? {} : { maxEnds: 96 };

/** Defines a test of a full run. A short run counts the test as skipped. */
export const testInFull: (name: string, body: () => void | Promise<void>) => void = isFullRun ? test : test.skip;

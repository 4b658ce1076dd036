#!/usr/bin/env node
/** The command line as a program: with the compiled code of the last run, where Node keeps it. */
import { enableCompileCache } from "node:module";

enableCompileCache();
const { main } = await import("./cli.ts");
await main(process.argv.slice(2));

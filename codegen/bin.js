#!/usr/bin/env node
// The command line as a program: with the compiled code of the last run, where Node keeps it. JavaScript, because Node would strip the types
// of this file in each run: it is loaded before the cache is there.
import { enableCompileCache } from "node:module";
import process from "node:process";

enableCompileCache();
const { main } = await import("./cli.ts");
await main(process.argv.slice(2));

#!/usr/bin/env node
/** `spear-codegen` as a program: its streams, its signals, its exit code. */
import { enableCompileCache } from "node:module";

enableCompileCache();
const { main } = await import("./commands/main.ts");
await main(process.argv.slice(2));

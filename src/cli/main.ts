#!/usr/bin/env node
import "./require-node.ts";
import process from "node:process";

// Node parses all static imports before it runs any of them, and an older Node cannot parse the rest of the package.
const [{ runCommand }, { handleOutputFaults }] = await Promise.all([import("./program.ts"), import("./terminal.ts")]);

handleOutputFaults();
process.exitCode = await runCommand(process.argv.slice(2));

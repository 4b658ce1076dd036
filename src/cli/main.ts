#!/usr/bin/env node
import "./require-node.ts";
import process from "node:process";
import { runCommand } from "./program.ts";
import { handleOutputFaults } from "./terminal.ts";

handleOutputFaults();
process.exitCode = await runCommand(process.argv.slice(2));

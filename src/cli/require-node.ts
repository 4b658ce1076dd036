/**
 * Ends the process with the reason on an older Node. The only static import of the command, because an older Node cannot parse the other
 * modules, and its syntax error would not name the reason.
 */
import process from "node:process";
import { nodeVersionFault } from "../runtime/node-version.ts";

const fault = nodeVersionFault();
if (fault !== undefined) {
	process.stderr.write(`spear: ${fault}\n`);
	process.exit(2);
}

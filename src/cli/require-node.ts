/**
 * Ends the process with the reason on an older Node. The only static import of the command, because an older Node cannot parse the other
 * modules, and its syntax error would not name the reason.
 */
import process from "node:process";

/** Major version. */
const REQUIRED = 24;

if (Number.parseInt(process.versions.node, 10) < REQUIRED) {
	process.stderr.write(`spear: Node ${REQUIRED} or newer is required, and this is ${process.versions.node}\n`);
	process.exit(2);
}

/**
 * Ends a script with 2 on a Node that is too old for it. Scripts import this file first.
 *
 * Node 22 reaches this file. Node 20 reads no TypeScript and ends before, with `ERR_UNKNOWN_FILE_EXTENSION`.
 */
import process from "node:process";

const NEEDED = 24;

if (Number.parseInt(process.versions.node, 10) < NEEDED) {
	console.error(
		`Node ${NEEDED} or newer is needed, and this is ${process.versions.node}; run the script through npm (npm test, npm start, npm run …), which uses the Node that npm ci installs`,
	);
	process.exit(2);
}

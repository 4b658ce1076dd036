/** Imported before everything else: on an older Node the rest does not even load, and the reason would not be told. */
import process from "node:process";

const NEEDED = 24;

if (Number.parseInt(process.versions.node, 10) < NEEDED) {
	process.stderr.write(`spear: Node ${NEEDED} or newer is needed, and this is ${process.versions.node}\n`);
	process.exit(2);
}

/** Run as a process: `flip-tree.ts <root> <state>` writes the tree of a state, and says when it is about to. */
import { loadManifest } from "../../../codegen/write/manifest.ts";
import { recover, writeTree } from "../../../codegen/write/write-tree.ts";
import { stateFiles } from "./flip-state.ts";
import { emitted } from "./scratch.ts";

const [root = "", state = ""] = process.argv.slice(2);
const manifest = () => {
	const reading = loadManifest(root);
	return reading.ok ? reading.manifest : new Map();
};
process.stdout.write("ready\n");
await recover(root);
await writeTree({ root, files: emitted(stateFiles(state)), manifest });

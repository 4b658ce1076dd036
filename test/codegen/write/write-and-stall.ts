/** Helper process of `crash.test.ts`: writes a tree and stops for ever in the middle of it, to be killed there. */

import { writeSync } from "node:fs";
import { Disk } from "../../../codegen/write/disk.ts";
import { loadManifest } from "../../../codegen/write/manifest.ts";
import { writeTree } from "../../../codegen/write/write-tree.ts";
import { emitted } from "./scratch.ts";

const [root = "", stallAt = ""] = process.argv.slice(2);

class StallingDisk extends Disk {
	override write(file: string, content: Uint8Array): void {
		super.write(file, content);
		if (stallAt === "stage") stall();
	}

	override rename(from: string, to: string): void {
		super.rename(from, to);
		if (stallAt === "move" && to.endsWith("a.ts")) stall();
	}
}

function stall(): void {
	writeSync(1, "stalled\n");
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

const reading = loadManifest(root);
await writeTree({
	root,
	files: emitted({ "a.ts": "new", "b.ts": "new" }),
	manifest: () => (reading.ok ? reading.manifest : new Map()),
	disk: new StallingDisk(),
});

import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ROOT } from "../../helpers/guest.ts";
import { inScratch } from "./scratch.ts";

test("a read-only disk is called one", async () => {
	await inScratch((dir) => {
		const script = `
			import { Disk } from ${JSON.stringify(path.join(ROOT, "codegen/write/disk.ts"))};
			try { new Disk().makeDirectory(${JSON.stringify(path.join(dir, "a/b"))}); } catch (cause) { console.log(cause.code); }
		`;
		const mount = `mount -t tmpfs -o ro none '${dir}' && exec '${process.execPath}' --input-type=module -e "$SCRIPT"`;
		const options = { encoding: "utf8", env: { ...process.env, SCRIPT: script }, timeout: 20_000 } as const;
		const { status, stdout } = spawnSync("unshare", ["-rm", "sh", "-c", mount], options);
		if (status !== 0) return console.log("skipped: this machine lets no process mount a file system of its own");
		assert.is(stdout, "EROFS\n");
	});
});

test.run();

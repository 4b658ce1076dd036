/** The client of the admin API for browsers. */
import { join } from "node:path";
import { build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ROOT } from "../helpers/guest.ts";

test("the client needs no module of Node and no package, and is small", async () => {
	const { outputFiles, metafile } = await build({
		entryPoints: [join(ROOT, "src/admin.ts")],
		absWorkingDir: ROOT,
		bundle: true,
		write: false,
		format: "esm",
		platform: "browser",
		minify: true,
		metafile: true,
	});
	assert.equal(
		Object.keys(metafile.inputs).filter((path) => !path.startsWith("src/admin")),
		[],
	);
	const text = outputFiles[0]?.text ?? "";
	assert.ok(text.length > 1_000 && text.length < 10_000, String(text.length));
	assert.not.match(text, /\b(?:require|process|Buffer)\b/);
});

test.run();

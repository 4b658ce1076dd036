/** A host that is bundled without some backend kinds: their code is absent, and a configuration that names one says why. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { noMemo } from "../../codegen/cache/memo.ts";
import { registryEmitter } from "../../codegen/emit/registry/index.ts";
import { projectAbi } from "../helpers/codegen.ts";
import { ROOT } from "../helpers/guest.ts";

/** Returns the text of a registry with these kinds. */
async function registryText(enabledBackends: readonly string[], disabledBackends: readonly string[]): Promise<string> {
	const config = { enabledBackends, disabledBackends };
	const [file] = await registryEmitter.emit({ abi: await projectAbi(), config, witFiles: new Map(), memo: noMemo });
	return String(file?.content);
}

/** Bundles the public module with a registry of these kinds. Returns the path of the bundle and those of its sources. */
async function bundle(folder: string, enabledBackends: readonly string[], disabledBackends: readonly string[]) {
	const outfile = join(folder, "host.mjs");
	const contents = await registryText(enabledBackends, disabledBackends);
	const { metafile } = await build({
		entryPoints: [join(ROOT, "src/index.ts")],
		bundle: true,
		outfile,
		platform: "node",
		format: "esm",
		metafile: true,
		absWorkingDir: ROOT,
		external: ["@bytecodealliance/*"],
		banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
		logLevel: "silent",
		plugins: [
			{
				name: "registry",
				setup: ({ onLoad }) =>
					onLoad({ filter: /[\\/]generated[\\/]registry\.ts$/ }, () => ({ contents, loader: "ts", resolveDir: join(ROOT, "generated") })),
			},
		],
	});
	return { outfile, sources: Object.keys(metafile.inputs) };
}

/** Returns true for a source of the kind, or of the protocol that only this kind speaks. */
const isAnthropic = (path: string): boolean => /^src\/backends\/(?:kinds|protocols)\/anthropic\//.test(path);

test("a bundled host holds the code of an enabled kind, and none of a disabled one", async () => {
	const folder = mkdtempSync(join(tmpdir(), "spear-bundle-"));
	try {
		assert.ok((await bundle(folder, ["anthropic", "stub"], [])).sources.some(isAnthropic));
		const { outfile, sources } = await bundle(folder, ["stub"], ["anthropic"]);
		assert.equal(sources.filter(isAnthropic), []);
		assert.ok(sources.includes("src/backends/kinds/stub/index.ts"));
		assert.not.match(readFileSync(outfile, "utf8"), /anthropic-version|api\.anthropic\.com/);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

test("a bundled host refuses a configuration that names a disabled kind with backend_not_enabled, and serves with the others", async () => {
	const folder = mkdtempSync(join(tmpdir(), "spear-bundle-"));
	try {
		const { outfile } = await bundle(folder, ["stub"], ["anthropic"]);
		const { createHost }: typeof import("../../src/index.ts") = await import(pathToFileURL(outfile).href);
		const host = await createHost();
		const { payload } = await host.client().call("embeddings", { input: ["a"] });
		assert.is(payload.model, "stub-embed");
		await host.close();
		const refused = await createHost({ config: { backends: { mine: { kind: "anthropic" } } } }).then(
			() => "it is accepted",
			(error: Error & { readonly code?: string }) => `${error.code}: ${error.message}`,
		);
		assert.match(refused, /^backend_not_enabled: .*the backend kind 'anthropic' is not part of this build/s);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

test.run();

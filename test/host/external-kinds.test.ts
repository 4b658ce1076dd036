/** Backend kinds of modules that a configuration names. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ConfigError } from "../../src/config/config-error.ts";
import { createHost } from "../../src/host/create-host.ts";
import { memoryLog } from "../helpers/memory-log.ts";
import { spearHere } from "../helpers/spear.ts";

const test = suite<{ folder: string }>("external-kinds");
test.before.each((context) => {
	context.folder = mkdtempSync(join(tmpdir(), "spear-kinds-"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

/** Returns the text of a module with a kind. */
const moduleOf = (name: string, exported = "export default"): string => `
const kind = {
	name: ${JSON.stringify(name)},
	create: () => ({
		operations: { embeddings: { unary: async ({ payload }) => ({ model: "m", dimensions: 1, vectors: payload.input.map((text) => Float32Array.of(text.length)) }) } },
		capabilities: { embeddings: { features: [], transports: ["unary"], models: ["m"] } },
		close: async () => {},
	}),
};
${exported} ${exported.endsWith("=") ? "[kind]" : "kind"};
`;

function write(folder: string, files: Readonly<Record<string, string>>): void {
	for (const [name, text] of Object.entries(files)) {
		const path = join(folder, name);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, text);
	}
}

/** Returns the messages of the faults of a configuration with these modules. */
async function faultsOf(folder: string, modules: readonly string[]): Promise<readonly string[]> {
	writeFileSync(join(folder, "spear.toml"), `[host]\nkinds = ${JSON.stringify(modules)}\n`);
	try {
		await (await createHost({ config: join(folder, "spear.toml") })).close();
	} catch (thrown) {
		if (thrown instanceof ConfigError) return thrown.faults.map(({ path, message }) => `${path}: ${message.replaceAll(folder, "DIR")}`);
		throw thrown;
	}
	return [];
}

test("kinds of a file and of an installed package serve, resolved from the folder of the configuration", async ({ folder }) => {
	write(folder, {
		"kinds/lengths.mjs": moduleOf("lengths"),
		"node_modules/spear-backend-sizes/package.json": '{"exports":{".":{"types":"./x.d.ts","import":"./sizes.mjs"}}}',
		"node_modules/spear-backend-sizes/sizes.mjs": moduleOf("sizes", "export const backendKinds ="),
		"spear.toml": `[host]
kinds = ["./kinds/lengths.mjs", "spear-backend-sizes"]
[backends.a]
kind = "lengths"
[backends.b]
kind = "sizes"
`,
	});
	const host = await createHost({ config: join(folder, "spear.toml") });
	assert.equal(
		host.backends().map(({ name, kind }) => [name, kind]),
		[
			["a", "lengths"],
			["b", "sizes"],
		],
	);
	const { payload } = await host.client().call("embeddings", { input: ["four"] });
	assert.equal(payload.vectors, [Float32Array.of(4)]);
	await host.close();
});

test("a reload imports the kinds that the file names then", async ({ folder }) => {
	const config = join(folder, "spear.toml");
	write(folder, { "lengths.mjs": moduleOf("lengths"), "spear.toml": "" });
	const host = await createHost({ config, logger: memoryLog().logger });
	write(folder, { "spear.toml": `[host]\nkinds = ["./lengths.mjs"]\n[backends.a]\nkind = "lengths"\n` });
	assert.equal((await host.reload()).added, ["a"]);
	await host.close();
});

test("a module that is missing or exports no kind is a fault with its position and what to do", async ({ folder }) => {
	write(folder, {
		"empty.mjs": "export const x = 1;",
		"list.mjs": "export default [];",
		"throws.mjs": 'throw new Error("no licence");',
		"needs.mjs": 'import "spear-none-such";',
		"a.mjs": moduleOf("lengths"),
		"b.mjs": moduleOf("lengths"),
		"stub.mjs": moduleOf("stub"),
	});
	const one = async (module: string): Promise<string> => (await faultsOf(folder, [module]))[0] ?? "no fault";
	assert.is(
		await one("spear-none-such"),
		"host.kinds[0]: the package 'spear-none-such' is not installed for DIR; install it there with npm, or name a file that begins with './'",
	);
	assert.is(await one("./none.mjs"), "host.kinds[0]: there is no module './none.mjs' in DIR; name a file, such as './my-kind/index.js'");
	for (const module of ["./empty.mjs", "./list.mjs"])
		assert.is(
			await one(module),
			`host.kinds[0]: '${module}' exports no backend kind; export what defineBackend returns as default, or a list of them as backendKinds`,
		);
	assert.is(await one("./throws.mjs"), "host.kinds[0]: './throws.mjs' fails when it is imported: no licence");
	assert.match(
		await one("./needs.mjs"),
		/^host\.kinds\[0\]: '\.\/needs\.mjs' fails when it is imported: Cannot find package 'spear-none-such'/,
	);
	assert.is(
		await one("./stub.mjs"),
		"host.kinds[0]: './stub.mjs' exports the kind 'stub', but there is a kind of this name; give one another name",
	);
	assert.equal(await faultsOf(folder, ["./a.mjs", "./b.mjs"]), [
		"host.kinds[1]: './b.mjs' exports the kind 'lengths', but there is a kind of this name; give one another name",
	]);
});

test("spear backends lists the backends of such kinds", async ({ folder }) => {
	write(folder, {
		"lengths.mjs": moduleOf("lengths"),
		"spear.toml": `[host]\nkinds = ["./lengths.mjs"]\n[backends.a]\nkind = "lengths"\n`,
	});
	const { code, stdout } = await spearHere(["backends", "--config", join(folder, "spear.toml")]);
	assert.is(code, 0);
	assert.match(stdout, /^a {2}\(lengths\)\n {2}embeddings {2}m; unary$/m);
});

test.run();

import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { backendKindFiles } from "../../../codegen/emit/scaffold/backend-kind.ts";
import { FIELDS } from "../../../generated/ir/fields/cchat.ts";
import { projectAbi } from "../../helpers/codegen.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const abi = await projectAbi();

test("a new kind names every operation, and serves those asked for", () => {
	const [index] = backendKindFiles(abi, "my-kind", ["chat_completions"]);
	assert.equal(index, {
		path: "src/backends/kinds/my-kind/index.ts",
		content: `import type { BackendKind } from "../../backend.ts";
import { CHAT_COMPLETIONS_CAPABILITIES, chatCompletionsBackend } from "./cchat.ts";

/** TODO: say in a sentence which upstream this kind of backend talks to. */
export const myKind: BackendKind = {
	name: "my-kind",
	create(config) {
		return {
			operations: {
				speech_to_text: undefined,
				chat_completions: chatCompletionsBackend(config),
				embeddings: undefined,
				image_generation: undefined,
				realtime_voice: undefined,
				text_to_speech: undefined,
			},
			capabilities: {
				chat_completions: CHAT_COMPLETIONS_CAPABILITIES,
			},
			async close() {},
		};
	},
};
`,
	});
});

test("an operation's file has its methods, each of which says that it is not written", () => {
	const [, file] = backendKindFiles(abi, "my-kind", ["chat_completions"]);
	assert.equal(file, {
		path: "src/backends/kinds/my-kind/cchat.ts",
		content: `import type { ChatCompletionsBackend } from "../../../../generated/backends/chat-completions.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import type { InstanceConfig, OperationCapabilities } from "../../backend.ts";
import { offeredFeatures } from "../../offered-features.ts";
import { type FieldRules, pass } from "../../rules.ts";

/** TODO: say what this kind does with each field: \`pass\`, \`map\`, \`emulate\`, \`drop\` or \`reject\`, the latter four with a reason. */
const CHAT_COMPLETIONS_RULES: FieldRules<"chat_completions"> = {
${FIELDS.map((field) => `\t${field.includes(".") ? JSON.stringify(field) : field}: pass,\n`).join("")}};

/** Capabilities of this kind for \`chat_completions\`. The router relies on them, so they must be true. */
export const CHAT_COMPLETIONS_CAPABILITIES: OperationCapabilities<"chat_completions"> = {
	transports: ["unary", "server_stream"],
	features: offeredFeatures("chat_completions", CHAT_COMPLETIONS_RULES),
	rules: CHAT_COMPLETIONS_RULES,
};

/** TODO: say how this kind carries out \`chat_completions\`. */
export function chatCompletionsBackend(_config: InstanceConfig): ChatCompletionsBackend {
	return {
		async unary(_request, _context) {
			throw new SpearError("internal", "\`chat_completions\` (unary) of the backend kind \`my-kind\` is not written yet");
		},
		stream(_request, _context) {
			throw new SpearError("internal", "\`chat_completions\` (stream) of the backend kind \`my-kind\` is not written yet");
		},
	};
}
`,
	});
});

test("a new kind for all operations compiles as it is, in this project", async () => {
	const directory = await mkdtemp(join(tmpdir(), "spear-kind-"));
	for (const folder of ["src/errors", "generated"]) await cp(join(root, folder), join(directory, folder), { recursive: true });
	for (const file of [
		"backends/backend.ts",
		"backends/discovery.ts",
		"backends/rules.ts",
		"backends/offered-features.ts",
		"transport/network.ts",
	])
		await cp(join(root, "src", file), join(directory, "src", file));
	await writeFile(join(directory, "package.json"), '{ "type": "module" }');
	await symlink(join(root, "node_modules"), join(directory, "node_modules"));
	const files = backendKindFiles(abi, "my-kind");
	for (const { path, content } of files) {
		await mkdir(dirname(join(directory, path)), { recursive: true });
		await writeFile(join(directory, path), content);
	}
	await cp(join(root, "tsconfig.json"), join(directory, "tsconfig.base.json"));
	await writeFile(
		join(directory, "tsconfig.json"),
		JSON.stringify({ extends: "./tsconfig.base.json", include: ["src/backends/kinds/my-kind"] }),
	);
	try {
		await promisify(execFile)(join(root, "node_modules", ".bin", "tsc"), ["--noEmit", "--singleThreaded", "-p", "."], { cwd: directory });
	} catch (error) {
		assert.unreachable(String(Reflect.get(Object(error), "stdout")));
	}
	await rm(directory, { recursive: true });
	assert.is(files.length, 1 + abi.families.length);
});

test("names that cannot be a folder's and operations the ABI lacks are refused", () => {
	assert.throws(
		() => backendKindFiles(abi, "../up"),
		"'../up' cannot name a backend kind: use lower-case words joined by '-', such as 'my-backend'",
	);
	assert.throws(() => backendKindFiles(abi, "kind", ["weather"]), /^the ABI has no operation 'weather'; it has /);
});

test.run();

import type { Names } from "../names.ts";

/** Text of `package.json`. */
export function packageTemplate({ kind, version }: Names): string {
	return `${JSON.stringify(
		{
			name: `spear-backend-${kind}`,
			version: "0.1.0",
			private: true,
			type: "module",
			engines: { node: ">=24" },
			exports: "./index.ts",
			scripts: { test: "node --test", types: "tsc" },
			peerDependencies: { "spear-hostcall": `^${version}` },
			devDependencies: { "@types/node": "^24", typescript: ">=5.9" },
		},
		undefined,
		"\t",
	)}\n`;
}

/** Text of `tsconfig.json`. */
export function tsconfigTemplate(): string {
	return `${JSON.stringify(
		{
			compilerOptions: {
				strict: true,
				exactOptionalPropertyTypes: true,
				noUncheckedIndexedAccess: true,
				erasableSyntaxOnly: true,
				allowImportingTsExtensions: true,
				module: "nodenext",
				target: "esnext",
				lib: ["esnext"],
				types: ["node"],
				noEmit: true,
			},
			include: ["*.ts"],
		},
		undefined,
		"\t",
	)}\n`;
}

/** Text of `conformance.test.ts`. */
export function testTemplate(): string {
	return `import test from "node:test";
import { conformanceCases, registerCases } from "spear-hostcall/backend/conformance";
import { fixture } from "./fixture.ts";

registerCases(test, conformanceCases(fixture));
`;
}

/** Text of `README.md`. */
export function readmeTemplate({ kind, operations }: Names): string {
	const files = [
		["index.ts", "the kind: options, HTTP client, operations"],
		["options.ts", "options of an instance"],
		["errors.ts", "the upstream's errors"],
		...(operations.includes("chat_completions") ? [["chat.ts", "chat: request, whole answer, stream, treatment of every field"]] : []),
		...(operations.includes("embeddings") ? [["embeddings.ts", "embeddings: request, answer, treatment of every field"]] : []),
		["fixture.ts", "recorded requests and answers for the conformance suite"],
		["conformance.test.ts", "runs the suite"],
	];
	return `# spear-backend-${kind}

The backend kind \`${kind}\` for [spear-hostcall](https://www.npmjs.com/package/spear-hostcall). The files speak an invented protocol. Replace it
with that of your upstream, and record its answers in \`fixture.ts\`.

| file | holds |
| --- | --- |
${files.map(([name, text]) => `| \`${name}\` | ${text} |`).join("\n")}

    npm install
    npm run types
    npm test

Use it in a \`spear.toml\`:

    [host]
    kinds = ["./path/to/this/folder/index.ts"]

    [backends.mine]
    kind = "${kind}"
    base_url = "https://api.example.com/v1"
    api_key_env = "MY_KEY"
    models = ["model-1"]

Node runs no TypeScript from \`node_modules\`. Before you publish the package, compile it to JavaScript and point \`exports\` to the result.
`;
}

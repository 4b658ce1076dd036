import { BUNDLER } from "../../build/bundle.ts";
import { ENGINE_TOOLS } from "../../build/componentize.ts";
import { firstConfig } from "../init/template.ts";
import type { Template } from "./templates.ts";

/** Place of the schema in a project that has installed the package. */
const SCHEMA = "./node_modules/spear-hostcall/src/config/spear.schema.json";

/** Values in the files of a project. */
export interface Project {
	/** Name of the package. */
	readonly name: string;
	/** Name of the template. */
	readonly template: string;
	/** Version of this package. */
	readonly version: string;
}

/** Returns the texts of the files that every project has, by name. */
export function projectFiles(project: Project, template: Template): readonly (readonly [name: string, text: string])[] {
	return [
		["package.json", packageJson(project, template)],
		["tsconfig.json", json(GUEST_TSCONFIG)],
		["tsconfig.test.json", json(TEST_TSCONFIG)],
		["spear.toml", firstConfig(SCHEMA)],
		[".gitignore", "node_modules\nbuild\n"],
		["README.md", readme(project, template)],
	];
}

function json(value: unknown): string {
	return `${JSON.stringify(value, undefined, "\t")}\n`;
}

function packageJson({ name, version }: Project, { world, firstInput }: Template): string {
	const { quickjs } = ENGINE_TOOLS;
	return json({
		name,
		version: "0.1.0",
		private: true,
		type: "module",
		engines: { node: ">=24" },
		scripts: {
			start: `spear run agent.ts ${firstInput}`,
			dev: `spear dev agent.ts ${firstInput.replace(" --stream-json", "")}`,
			test: "node --disable-warning=ExperimentalWarning --import spear-hostcall/guest/testing/register --test",
			types: "tsc && tsc -p tsconfig.test.json",
			build: `spear build agent.ts --world ${world} --out build/agent.wasm`,
		},
		devDependencies: {
			"@types/node": "^24",
			[quickjs.package]: quickjs.version,
			[BUNDLER.package]: BUNDLER.version,
			"spear-hostcall": `^${version}`,
			typescript: ">=5.9",
		},
		// The bundler chooses its binary in a script.
		allowScripts: { [BUNDLER.package]: true },
	});
}

/** A guest has the globals of the sandbox, and none of Node. */
const GUEST_TSCONFIG = {
	compilerOptions: {
		strict: true,
		noUncheckedIndexedAccess: true,
		erasableSyntaxOnly: true,
		allowImportingTsExtensions: true,
		module: "esnext",
		moduleResolution: "bundler",
		target: "es2023",
		lib: ["es2023", "es2024.string", "es2024.arraybuffer", "esnext.disposable"],
		types: ["spear-hostcall/guest/types", "spear-hostcall/guest/platform"],
		skipLibCheck: true,
		noEmit: true,
	},
	include: ["*.ts"],
	exclude: ["*.test.ts"],
};

const TEST_TSCONFIG = {
	extends: "./tsconfig.json",
	compilerOptions: { target: "esnext", lib: ["esnext"], types: ["node", "spear-hostcall/guest/types"] },
	include: ["*.test.ts"],
	exclude: [],
};

function readme({ name, template }: Project, { description, files, firstInput, tested, needs, world }: Template): string {
	const more: Readonly<Record<string, string>> = {
		"agent.ts": `the guest: ${description.charAt(0).toLowerCase()}${description.slice(1, -1)}`,
		"documents.ts": "the documents of the agent",
		"request.json": "a request for a first run",
		"agent.test.ts": "the tests, which run the guest under Node with a scripted model",
	};
	return `# ${name}

${description} Made by \`spear new --template ${template}\`.

    npm install
    npm test
    npm start

| command | does |
| --- | --- |
| \`npm start\` | builds the guest, and runs it: \`spear run agent.ts ${firstInput}\` |
| \`npm run dev\` | runs it again after each change |
| \`npm test\` | runs the tests. No network and no key are needed |
| \`npm run types\` | checks the types of the guest, which has the globals of the sandbox, and of the tests, which have those of Node |
| \`npm run build\` | writes \`build/agent.wasm\` and \`build/agent.spear/\` for hosts, in the world \`${world}\` |

| file | holds |
| --- | --- |
${files.map((file) => `| \`${file}\` | ${more[file] ?? ""} |`).join("\n")}
| \`spear.toml\` | the configuration of the host: backends, routes, limits |

Without a configuration, the models of this machine answer, and a stub with made-up content answers where there is none. ${needs} \`npx spear check --live\`
asks each backend. ${tested}
`;
}

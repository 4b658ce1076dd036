import type { Names } from "./names.ts";
import { fixtureTemplate } from "./templates/fixture.ts";
import { errorsTemplate, indexTemplate, optionsTemplate } from "./templates/index.ts";
import { chatTemplate, embeddingsTemplate } from "./templates/operations.ts";
import { packageTemplate, readmeTemplate, testTemplate, tsconfigTemplate } from "./templates/project.ts";

/** Returns the texts of the files of a new kind, by name. */
export function backendFiles(names: Names): ReadonlyMap<string, string> {
	return new Map([
		["package.json", packageTemplate(names)],
		["tsconfig.json", tsconfigTemplate()],
		["index.ts", indexTemplate(names)],
		["options.ts", optionsTemplate(names)],
		["errors.ts", errorsTemplate()],
		...(names.operations.includes("chat_completions") ? [["chat.ts", chatTemplate()] as const] : []),
		...(names.operations.includes("embeddings") ? [["embeddings.ts", embeddingsTemplate()] as const] : []),
		["fixture.ts", fixtureTemplate(names)],
		["conformance.test.ts", testTemplate()],
		["README.md", readmeTemplate(names)],
	]);
}

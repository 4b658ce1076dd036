import { existsSync } from "node:fs";

/** A project that `spear new` writes. The guest and the test are files of `examples/templates/`. */
export interface Template {
	/** Work of the guest, as a sentence. */
	readonly description: string;
	/** Files of the template, beside those that every project has. */
	readonly files: readonly string[];
	/** World that the guest targets. */
	readonly world: string;
	/** Arguments of `spear run agent.ts` for a first run. */
	readonly firstInput: string;
	/** Subject of the tests, as a sentence. */
	readonly tested: string;
	/** Backends that a real answer needs, as a sentence. */
	readonly needs: string;
}

const CHAT_BACKEND = "Configure a backend for `chat_completions` in `spear.toml` for real answers.";

export const TEMPLATES = {
	chat: {
		description: "An assistant that writes its answer while the model does.",
		files: ["agent.ts", "agent.test.ts"],
		world: "chat-agent",
		firstInput: '"What is WebAssembly?"',
		tested: "The tests script the answers of a model, and check what the agent emits, logs and refuses.",
		needs: CHAT_BACKEND,
	},
	tools: {
		description: "A clerk that looks parts up with two tools, whose arguments are checked by their schema.",
		files: ["agent.ts", "agent.test.ts"],
		world: "chat-agent",
		firstInput: '"Are there bolts?"',
		tested: "The tests script the calls of a model, and check the answer and what the model learns from the tools.",
		needs: CHAT_BACKEND,
	},
	rag: {
		description: "Answers questions from its own documents, and names the passages.",
		files: ["agent.ts", "documents.ts", "agent.test.ts"],
		world: "agent",
		firstInput: '"Can I return a bearing?"',
		tested: "The test scripts vectors and an answer, and checks which passages the model receives.",
		needs: "Configure backends for `embeddings` and `chat_completions` in `spear.toml` for real answers.",
	},
	voice: {
		description: "Hears a recording or reads a text, answers, and speaks the answer.",
		files: ["agent.ts", "agent.test.ts"],
		world: "agent",
		firstInput: '"What time is it?" --stream-json',
		tested: "The tests script what is heard, said and spoken, and check the events.",
		needs: "Configure backends for `speech_to_text`, `chat_completions` and `text_to_speech` in `spear.toml` for real answers.",
	},
	transform: {
		description: "Stands between a program and its models: takes any request as JSON, changes it by a policy, and answers with JSON.",
		files: ["agent.ts", "agent.test.ts", "request.json"],
		world: "transform-agent",
		firstInput: "- < request.json",
		tested: "The tests check what reaches the model.",
		needs: "Configure a backend for each operation that requests name in `spear.toml` for real answers.",
	},
} as const satisfies Readonly<Record<string, Template>>;

export type TemplateName = keyof typeof TEMPLATES;

export function isTemplate(name: string): name is TemplateName {
	return Object.hasOwn(TEMPLATES, name);
}

/** Returns the folder of a template. The folder `examples` is three folders above the sources, and four above `dist/`. */
export function templateFolder(name: TemplateName): URL {
	const places = ["../../../", "../../../../"].map((up) => new URL(`${up}examples/templates/${name}/`, import.meta.url));
	return places.find((place) => existsSync(place)) ?? new URL(`../../../examples/templates/${name}/`, import.meta.url);
}

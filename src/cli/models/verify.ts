import process from "node:process";
import { type ModelStatus, ModelStore } from "../../model-store/model-store.ts";
import { EXIT } from "../exit-codes.ts";
import { interruptSignal } from "../interrupt.ts";
import { jsonLine } from "../json-line.ts";
import { printModelFailure } from "./print-model-failure.ts";

/** Options of `spear models verify`. */
export interface VerifyCommand {
	readonly json?: boolean;
}

/** Runs `spear models verify`: checks the digest of every file. Returns the exit code: 1 if a model is broken, or is named and missing. */
export async function verify(names: readonly string[], command: VerifyCommand): Promise<number> {
	const interrupt = interruptSignal();
	try {
		const store = new ModelStore();
		const results: { readonly model: string; readonly status: ModelStatus }[] = [];
		for (const model of names.length > 0 ? names : store.models().map(({ name }) => name)) {
			const status = await store.verify(model, interrupt.signal);
			if (names.length > 0 || status.state !== "missing") results.push({ model, status });
		}
		process.stdout.write(
			command.json ? jsonLine({ models: results.map(({ model, status }) => ({ name: model, ...status })) }) : describe(results, store),
		);
		return results.every(({ status }) => status.state === "whole") ? EXIT.ok : EXIT.failed;
	} catch (thrown) {
		return printModelFailure(interrupt.signal.aborted ? interrupt.signal.reason : thrown, command);
	} finally {
		interrupt.dispose();
	}
}

function describe(results: readonly { readonly model: string; readonly status: ModelStatus }[], store: ModelStore): string {
	if (results.length === 0) return `no models are in ${store.directory}; \`spear models pull --default\` pulls the default set\n`;
	return results
		.map(({ model, status }) =>
			status.state === "whole" ? `${model} is whole\n` : `the model ${model} ${status.reason}; run \`spear models pull ${model}\`\n`,
		)
		.join("");
}

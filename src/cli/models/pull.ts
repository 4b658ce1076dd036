import process from "node:process";
import { SpearError } from "../../errors/spear-error.ts";
import { ModelStore } from "../../model-store/model-store.ts";
import { type PullOutcome, pullModel } from "../../model-store/pull/pull-model.ts";
import { EXIT } from "../exit-codes.ts";
import { interruptSignal } from "../interrupt.ts";
import { jsonLine } from "../json-line.ts";
import { printModelFailure } from "./print-model-failure.ts";
import { PullDisplay } from "./pull-display.ts";

/** Options of `spear models pull`. */
export interface PullCommand {
	readonly default?: boolean;
	readonly all?: boolean;
	readonly from?: readonly string[];
	readonly json?: boolean;
}

/** Runs `spear models pull`: puts models on this machine, one after the other. Returns the exit code. */
export async function pull(names: readonly string[], command: PullCommand): Promise<number> {
	const interrupt = interruptSignal();
	const display = new PullDisplay(process.stderr);
	try {
		const store = new ModelStore();
		const done: { readonly name: string; readonly folder: string; readonly outcome: PullOutcome }[] = [];
		for (const name of chosen(store, names, command)) {
			const outcome = await pullModel(store, name, {
				signal: interrupt.signal,
				onProgress: (progress) => display.show(progress),
				...(command.from && { from: command.from }),
			});
			display.finish(outcome === "pulled" ? `${name} is in ${store.folderOf(name)}` : `${name} is here already`);
			done.push({ name, folder: store.folderOf(name), outcome });
		}
		if (command.json) process.stdout.write(jsonLine({ directory: store.directory, models: done }));
		return EXIT.ok;
	} catch (thrown) {
		display.finish();
		return printModelFailure(thrown, command);
	} finally {
		interrupt.dispose();
	}
}

/** @throws SpearError `invalid_request` for an unknown name, for none, and for names beside a set. */
function chosen(store: ModelStore, names: readonly string[], command: PullCommand): readonly string[] {
	const sets = [command.default, command.all].filter((set) => set === true).length;
	if (sets + (names.length > 0 ? 1 : 0) !== 1)
		throw new SpearError("invalid_request", "name models, or say either --default or --all; `spear models list` lists them");
	// Every name is checked before the first download.
	if (names.length > 0) return names.map((name) => store.model(name).name);
	const models = command.all ? store.models() : store.defaultModels();
	return models.map(({ name }) => name);
}

import process from "node:process";
import { ModelStore } from "../../model-store/model-store.ts";
import { removeModel } from "../../model-store/remove-model.ts";
import { EXIT } from "../exit-codes.ts";
import { interruptSignal } from "../interrupt.ts";
import { jsonLine } from "../json-line.ts";
import { printModelFailure } from "./print-model-failure.ts";

/** Options of `spear models remove`. */
export interface RemoveCommand {
	readonly json?: boolean;
}

/** Runs `spear models remove`: removes one model. Returns the exit code. */
export async function remove(name: string, command: RemoveCommand): Promise<number> {
	const interrupt = interruptSignal();
	try {
		const store = new ModelStore();
		const removed = await removeModel(store, name, interrupt.signal);
		const text = removed ? `removed ${store.folderOf(name)}\n` : `${name} is not in ${store.directory}\n`;
		process.stdout.write(command.json ? jsonLine({ model: name, removed }) : text);
		return EXIT.ok;
	} catch (thrown) {
		return printModelFailure(thrown, command);
	} finally {
		interrupt.dispose();
	}
}

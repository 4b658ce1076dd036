import process from "node:process";
import { ModelStore } from "../../model-store/model-store.ts";
import { EXIT } from "../exit-codes.ts";
import { jsonLine } from "../json-line.ts";
import { printModelFailure } from "./print-model-failure.ts";

/** Options of `spear models where`. */
export interface WhereCommand {
	readonly json?: boolean;
}

/** Runs `spear models where`: prints the directory of the models. Returns the exit code. */
export function where(command: WhereCommand): number {
	try {
		const { directory } = new ModelStore();
		process.stdout.write(command.json ? jsonLine({ directory }) : `${directory}\n`);
		return EXIT.ok;
	} catch (thrown) {
		return printModelFailure(thrown, command);
	}
}

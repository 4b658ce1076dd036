import { type Command, InvalidArgumentError, Option } from "commander";
import type * as asr from "../../../generated/ir/asr.ts";
import { addLogOptions } from "../log-options.ts";
import { CONFIG, type Finish, JSON_OUTPUT, MODEL, names, ONLY_BACKEND } from "../options.ts";
import { transcribe } from "./transcribe.ts";

const TASKS = ["transcribe", "translate"] as const satisfies readonly asr.Task[];

/** Returns the units of speech that receive times. */
function timestamps(text: string): asr.Timestamps {
	return names(text).map((name) => {
		if (name === "segment" || name === "word") return name;
		throw new InvalidArgumentError("It must be segment, word or both, joined by a comma.");
	});
}

/** Adds `spear transcribe`. */
export function addTranscribe(spear: Command, finish: Finish): void {
	addLogOptions(spear.command("transcribe"))
		.description("Have a backend write down a recording.")
		.argument("<recording>", "The file, e.g. speech.wav. `-` reads standard input.")
		.option("-c, --config <spear.toml>", CONFIG)
		.option("--model <name>", MODEL)
		.option("--language <tag>", "Spoken language, e.g. en or pt-BR. The default is to detect the language.")
		.option("--prompt <text>", "Text that precedes the recording, or shows spelling and style.")
		.addOption(new Option("--task <task>", "translate writes English, whatever is spoken.").choices(TASKS))
		.option("--timestamps <units>", "Print the times of these units, joined by commas: segment, word.", timestamps)
		.option("--diarize", "Name the speaker of each segment.")
		.option("--live", "Send a WAV file at the speed of speech to a realtime session, and print the text while it is heard.")
		.option("--backend <name>", ONLY_BACKEND)
		.option("--json", JSON_OUTPUT)
		.action(async (recording, options) => finish(await transcribe(recording, options)));
}

import { type Command, InvalidArgumentError, Option } from "commander";
import { addLogOptions } from "../log-options.ts";
import { CONFIG, type Finish, JSON_OUTPUT, MODEL, ONLY_BACKEND } from "../options.ts";
import { AUDIO_FORMATS } from "./audio-format.ts";
import { speak } from "./speak.ts";

/** Returns the pace of speech. */
function speed(text: string): number {
	const value = Number(text);
	if (/^\d{1,3}(\.\d{1,9})?$/.test(text) && value >= 0.25 && value <= 4) return value;
	throw new InvalidArgumentError("It must be a number from 0.25 to 4.");
}

/** Adds `spear speak`. */
export function addSpeak(spear: Command, finish: Finish): void {
	addLogOptions(spear.command("speak"))
		.description("Have a backend speak a text, and write the sound to a file.")
		.argument("[text]", "The text. `-` reads standard input, and so does a missing text in a pipe.")
		.option("-c, --config <spear.toml>", CONFIG)
		.addOption(
			new Option("-o, --out <file>", "The file to write, or `-` for standard output. Its extension names the format.").default(
				undefined,
				"speech.wav, which is not replaced",
			),
		)
		.addOption(new Option("--format <format>", "The format.").choices(AUDIO_FORMATS).default(undefined, "that of the extension, else wav"))
		.option("--voice <id>", "The voice. The default is that of the backend.")
		.option("--model <name>", MODEL)
		.option("--speed <factor>", "The pace, from 0.25 to 4 times the normal one.", speed)
		.option("--language <tag>", "Language of the text, e.g. en or pt-BR, for voices that speak several.")
		.option("--instructions <text>", "The manner of speaking, for models that follow instructions.")
		.option("--ssml", "The text is an SSML document.")
		.option("--backend <name>", ONLY_BACKEND)
		.option("--voices", "List the voices, and speak nothing.")
		.option("--json", JSON_OUTPUT)
		.action(async (text, options) => finish(await speak(text, options)));
}

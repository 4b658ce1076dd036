import process from "node:process";
import type * as tts from "../../../generated/ir/tts.ts";
import { printable } from "../../formats/printable.ts";
import { aligned } from "../aligned.ts";
import type { ClientRun } from "../client/client-command.ts";
import { EXIT } from "../exit-codes.ts";
import { jsonLine } from "../json-line.ts";

/** Runs `spear speak --voices`: prints the voices that requests may name. Returns the exit code. */
export function voices(
	{ client, begin }: ClientRun,
	{ model, backend, json }: { readonly model?: string; readonly backend?: string; readonly json?: boolean },
): number {
	begin();
	const list = client.voices(model, backend);
	process.stdout.write(json ? jsonLine({ ok: true, voices: list }) : printable(describe(list)));
	return EXIT.ok;
}

function describe(list: readonly tts.Voice[]): string {
	if (list.length === 0) return "the backends list no voices; --voice passes any name on\n";
	return aligned(list.map(({ id, name = "", languages, description = "" }) => [id, name, languages.join(", "), description]));
}

import type * as asr from "../../../generated/ir/asr.ts";
import type { ClientCommand } from "../client/client-command.ts";

/** Options of `spear transcribe`. */
export interface TranscribeCommand extends ClientCommand {
	readonly model?: string;
	readonly language?: string;
	readonly prompt?: string;
	readonly task?: asr.Task;
	readonly timestamps?: asr.Timestamps;
	readonly diarize?: boolean;
	/** Sends the recording at the speed of speech to a realtime session. */
	readonly live?: boolean;
}

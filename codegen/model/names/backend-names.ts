/** Names that follow from an operation's. */
import { safeIdentifier } from "./reserved.ts";
import { camelFromSnake, pascalFromSnake } from "./spelling.ts";
import { moduleName } from "./type-names.ts";

/** `chat_completions` → `chat-completions`, the file that declares its interface. */
export function operationModule(operation: string): string {
	return moduleName(operation.replaceAll("_", "-"));
}

/** `chat_completions` → `chatCompletions`, the constant with the facts about it. */
export function operationTable(operation: string): string {
	return safeIdentifier(camelFromSnake(operation));
}

/** `chat_completions` → `ChatCompletionsBackend`. */
export function backendType(operation: string): string {
	return `${pascalFromSnake(operation)}Backend`;
}

/** `realtime_voice` → `RealtimeVoiceChannel`. */
export function channelType(operation: string): string {
	return `${pascalFromSnake(operation)}Channel`;
}

/** `realtime_voice` → `RealtimeVoiceInput`. */
export function inputType(operation: string): string {
	return `${pascalFromSnake(operation)}Input`;
}

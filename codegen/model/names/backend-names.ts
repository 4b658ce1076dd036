/** Names that follow from an operation's. */
import { pascalFromSnake } from "./spelling.ts";

/** `chat_completions` → `chat-completions`, the file that declares its interface. */
export function operationModule(operation: string): string {
	return operation.replaceAll("_", "-");
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

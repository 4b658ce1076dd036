import type { VendorWire } from "../wire.ts";
import { openAiCompatibleWire } from "./openai-compatible.ts";

export const mistralPresetWire: VendorWire = {
	...openAiCompatibleWire,
	name: "openai-compatible as mistral",
	config: { models: ["mistral-large"], options: { preset: "mistral" } },
	callId: /^[a-zA-Z0-9]{9}$/,
};

export const coherePresetWire: VendorWire = {
	...openAiCompatibleWire,
	name: "openai-compatible as cohere",
	config: { models: ["command-a"], options: { preset: "cohere" } },
};

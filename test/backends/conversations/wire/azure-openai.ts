import { azureOpenai } from "../../../../src/backends/kinds/azure-openai/index.ts";
import type { VendorWire } from "../wire.ts";
import { openAiCompatibleWire } from "./openai-compatible.ts";

export const azureOpenAiWire: VendorWire = { ...openAiCompatibleWire, kind: azureOpenai, config: { models: ["gpt"], base_url: "" } };

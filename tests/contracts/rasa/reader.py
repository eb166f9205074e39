"""A Rasa component that takes a message's meaning from the JSON that the message is, so that roles can be sent."""

import json
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class JsonReader(GraphComponent):
    """Understands `{"intent": ..., "entities": [...]}` and nothing else."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "JsonReader":
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            try:
                meant = json.loads(message.get("text"))
            except (TypeError, ValueError):
                continue
            if isinstance(meant, dict) and "intent" in meant:
                message.set("intent", {"name": meant["intent"], "confidence": 1.0}, add_to_output=True)
                message.set("entities", meant.get("entities") or [], add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

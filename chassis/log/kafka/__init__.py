"""The Apache Kafka engine of the event log; nothing outside this package imports kafka-python."""

from chassis.log.kafka.connection import KafkaConnection
from chassis.log.kafka.log import KafkaLog

__all__ = ["KafkaConnection", "KafkaLog"]

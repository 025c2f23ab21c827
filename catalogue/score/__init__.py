"""The European metadata quality assessment (MQA of data.europa.eu), as piveau computes it: how well a dataset can be found and used."""

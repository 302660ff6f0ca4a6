"""The job of explain_photos.py as one would write it with a peer: its model in a pandas UDF, a map and a row for each photo.

    spark-submit explain_with_peer.py PEER MODEL list.txt results.parquet MAPS --partitions N

What it imports besides is in bench/service/peers.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, pandas_udf

parser = argparse.ArgumentParser(usage=__doc__)
for name in ["peer", "model", "photos", "results", "maps"]:
    parser.add_argument(name)
parser.add_argument("--partitions", type=int)
asked = parser.parse_args()
peer, model, maps = asked.peer, asked.model, asked.maps
Path(maps).mkdir(parents=True, exist_ok=True)
spark = SparkSession.builder.appName("peer").getOrCreate()


@pandas_udf("label int, score double, error string")
def explain(batches: Iterator[pd.Series]) -> Iterator[pd.DataFrame]:
    """Explain the best class of each photo."""
    from peer_models import open_peer

    explain_one = open_peer(peer, model, threads=1)  # kept by a process of Python from partition to partition

    import numpy as np
    from pictures import network_input, read_photo

    def row(path: str) -> tuple[int | None, float | None, str | None]:
        try:
            photo = read_photo(Path(path).read_bytes())
        except OSError as error:
            return None, None, str(error)
        best, score, heatmap = explain_one(network_input(photo))
        np.save(f"{maps}/{Path(path).stem}.npy", heatmap)
        return best, score, None

    for paths in batches:
        yield pd.DataFrame([row(path) for path in paths], columns=["label", "score", "error"])


photos = spark.read.text(asked.photos).withColumnRenamed("value", "id").repartition(asked.partitions)
explained = photos.withColumn("explained", explain(col("id"))).select("id", "explained.*")
explained.write.mode("overwrite").parquet(asked.results)

"""Explain photos on a Spark cluster: partitions go through `gradcam worker`, results become Parquet.

    spark-submit explain_photos.py list.txt results.parquet --worker /opt/gradcam/gradcam -- --save overlay --out /mnt/maps/

The list is a text file of paths that every node can read; with --binary it is a folder whose files Spark reads. A photo that
fails is a row with its error, and so is what a worker leaves that ends early in its last try; with --strict the job fails.
"""
import argparse, base64, json, subprocess, threading
from pyspark import TaskContext
from pyspark.sql import SparkSession
COLUMNS = "id string, label string, score double, error string, retry boolean, result string"


def row(result):
    first, error = (result.get("scores") or [{}])[0], result.get("error", {})
    return (result["id"], first.get("label"), first.get("score"), error.get("code"), error.get("retry"), json.dumps(result))


def explain(records, command, tries, strict):
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    taken, told = [], 0  # answers come in the order of the photos

    def feed():
        try:
            for id, content in records:
                taken.append(id)
                photo = {"photo": id} if content is None else {"bytes": base64.b64encode(content).decode()}
                worker.stdin.write(json.dumps({"id": id, **photo}).encode() + b"\n")
            worker.stdin.close()
        except BrokenPipeError:
            taken.extend(id for id, _ in records)  # the worker has ended: its exit code says why

    (feeder := threading.Thread(target=feed, daemon=True)).start()
    for line in worker.stdout:
        if line.endswith(b"\n"):  # else it was killed in the middle
            yield row(json.loads(line))
            told += 1
    code, _ = worker.wait(), feeder.join()
    if strict and code or told < len(taken) and TaskContext.get().attemptNumber() + 1 < tries:
        raise RuntimeError(f"The worker ended with {code} after {told} of {len(taken)} photos")
    error = {"code": "worker-ended", "message": f"The worker ended with {code}", "retry": True}
    yield from (row({"id": id, "error": error}) for id in taken[told:])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("photos"), parser.add_argument("results"), parser.add_argument("--worker", default="gradcam")
    parser.add_argument("--partitions", type=int, help="of a list: more than cores, of hundreds of photos each")
    parser.add_argument("--binary", action="store_true"), parser.add_argument("--strict", action="store_true")
    asked, options = parser.parse_known_args()
    spark = SparkSession.builder.appName("gradcam").getOrCreate()
    tries = int(spark.conf.get("spark.task.maxFailures", "4"))
    command = [asked.worker, "worker", "--jobs=1", "--threads=1", *(option for option in options if option != "--")]
    if asked.binary:
        photos = spark.read.format("binaryFile").load(asked.photos).select("path", "content").rdd.map(tuple)
    else:
        partitions = asked.partitions or 4 * spark.sparkContext.defaultParallelism
        photos = spark.sparkContext.textFile(asked.photos, partitions).map(lambda path: (path, None))
    rows = photos.mapPartitions(lambda records: explain(records, command, tries, asked.strict))
    spark.createDataFrame(rows, COLUMNS).write.mode("overwrite").parquet(asked.results)

"""The peers, each set up as its own quick start does, with the same weights, batches of 32 and cosine distance.

Their packages are looked up by name when a peer is opened: this environment has them, groundwire's own has not.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from eval.bench.peers.ports import NotInstalled, System, read_chunks, slices

_AT_ONCE = 512
_BATCH = 32
_COLLECTION = "bench"
_COSINE = {"hnsw:space": "cosine"}
_TORCH = "torch fp32"
_WARMING = "One sentence, so that the model has run once."


def _package(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise NotInstalled(f"{name} cannot be imported ({error})") from error


class PlainChroma:
    """sentence-transformers and Chroma, nothing between them."""

    packages = ("sentence-transformers", "torch", "chromadb")
    computes = _TORCH

    def __init__(self, store: Path, model: Path) -> None:
        chroma = _package("chromadb")
        transformer = _package("sentence_transformers").SentenceTransformer
        self._model = transformer(str(model), device="cpu", local_files_only=True)
        client = chroma.PersistentClient(str(store), settings=chroma.Settings(anonymized_telemetry=False))
        self._chunks = client.get_or_create_collection(_COLLECTION, metadata=_COSINE, embedding_function=None)

    def warm(self) -> None:
        self._model.encode(_WARMING)

    def ingest(self, corpus: Path) -> int:
        for some in slices(read_chunks(corpus), _AT_ONCE):
            texts = [chunk.text for chunk in some]
            vectors = self._model.encode(texts, batch_size=_BATCH, show_progress_bar=False)
            self._chunks.add(ids=[chunk.id for chunk in some], documents=texts, embeddings=vectors)
        return int(self._chunks.count())

    def search(self, query: str, k: int) -> list[str]:
        found = self._chunks.query(query_embeddings=[self._model.encode(query, show_progress_bar=False)], n_results=k)
        return list(found["ids"][0])

    def close(self) -> None:
        """Chroma writes as it goes."""


class LangChain:
    packages = ("langchain-core", "langchain-chroma", "langchain-huggingface", "sentence-transformers", "chromadb")
    computes = _TORCH

    def __init__(self, store: Path, model: Path) -> None:
        self._embeddings = _package("langchain_huggingface").HuggingFaceEmbeddings(
            model_name=str(model),
            model_kwargs={"device": "cpu", "local_files_only": True},
            encode_kwargs={"batch_size": _BATCH},
        )
        self._chunks = _package("langchain_chroma").Chroma(
            collection_name=_COLLECTION,
            embedding_function=self._embeddings,
            persist_directory=str(store),
            collection_metadata=_COSINE,
        )

    def warm(self) -> None:
        self._embeddings.embed_query(_WARMING)

    def ingest(self, corpus: Path) -> int:
        total = 0
        for some in slices(read_chunks(corpus), _AT_ONCE):
            total += len(self._chunks.add_texts([chunk.text for chunk in some], ids=[chunk.id for chunk in some]))
        return total

    def search(self, query: str, k: int) -> list[str]:
        return [found.id for found in self._chunks.similarity_search(query, k=k)]

    def close(self) -> None:
        """Chroma writes as it goes."""


class LlamaIndex:
    packages = (
        "llama-index-core",
        "llama-index-vector-stores-chroma",
        "llama-index-embeddings-huggingface",
        "sentence-transformers",
        "chromadb",
    )
    computes = _TORCH

    def __init__(self, store: Path, model: Path) -> None:
        chroma = _package("chromadb")
        core = _package("llama_index.core")
        self._node = _package("llama_index.core.schema").TextNode
        self._embedding = _package("llama_index.embeddings.huggingface").HuggingFaceEmbedding(
            model_name=str(model), device="cpu", embed_batch_size=_BATCH
        )
        client = chroma.PersistentClient(str(store), settings=chroma.Settings(anonymized_telemetry=False))
        collection = client.get_or_create_collection(_COLLECTION, metadata=_COSINE, embedding_function=None)
        vectors = _package("llama_index.vector_stores.chroma").ChromaVectorStore(chroma_collection=collection)
        self._index = core.VectorStoreIndex.from_vector_store(vectors, embed_model=self._embedding)
        self._retrievers: dict[int, Any] = {}

    def warm(self) -> None:
        self._embedding.get_query_embedding(_WARMING)

    def ingest(self, corpus: Path) -> int:
        total = 0
        for some in slices(read_chunks(corpus), _AT_ONCE):
            self._index.insert_nodes([self._node(id_=chunk.id, text=chunk.text) for chunk in some])
            total += len(some)
        return total

    def search(self, query: str, k: int) -> list[str]:
        if k not in self._retrievers:
            self._retrievers[k] = self._index.as_retriever(similarity_top_k=k)
        return [found.node.node_id for found in self._retrievers[k].retrieve(query)]

    def close(self) -> None:
        """Chroma writes as it goes."""


class Haystack:
    packages = (
        "haystack-ai",
        "chroma-haystack",
        "sentence-transformers-haystack",
        "sentence-transformers",
        "chromadb",
    )
    computes = _TORCH

    def __init__(self, store: Path, model: Path) -> None:
        embedders = _package("haystack_integrations.components.embedders.sentence_transformers")
        utils = _package("haystack.utils")
        self._given = _package("haystack").Document
        options = {"model": str(model), "device": utils.ComponentDevice.from_str("cpu"), "progress_bar": False}
        self._of_chunks = embedders.SentenceTransformersDocumentEmbedder(**options, batch_size=_BATCH)
        self._of_query = embedders.SentenceTransformersTextEmbedder(**options)
        self._store = _package("haystack_integrations.document_stores.chroma").ChromaDocumentStore(
            collection_name=_COLLECTION, persist_path=str(store), distance_function="cosine"
        )
        retrievers = _package("haystack_integrations.components.retrievers.chroma")
        self._retriever = retrievers.ChromaEmbeddingRetriever(document_store=self._store)
        self._of_query.warm_up()

    def warm(self) -> None:
        self._of_chunks.warm_up()
        self._of_chunks.run(documents=[self._given(content=_WARMING)])

    def ingest(self, corpus: Path) -> int:
        for some in slices(read_chunks(corpus), _AT_ONCE):
            given = [self._given(id=chunk.id, content=chunk.text) for chunk in some]
            self._store.write_documents(self._of_chunks.run(documents=given)["documents"])
        return int(self._store.count_documents())

    def search(self, query: str, k: int) -> list[str]:
        vector = self._of_query.run(text=query)["embedding"]
        return [found.id for found in self._retriever.run(query_embedding=vector, top_k=k)["documents"]]

    def close(self) -> None:
        """Chroma writes as it goes."""


class Txtai:
    """Its hybrid of vectors (Faiss) and BM25, with the texts stored."""

    packages = ("txtai", "faiss-cpu", "transformers", "torch")
    computes = _TORCH

    def __init__(self, store: Path, model: Path) -> None:
        embeddings = _package("txtai").Embeddings
        self._folder = str(store / "index")
        self._chunks = embeddings(path=str(model), hybrid=True, content=True, gpu=False, encodebatch=_BATCH)
        if self._chunks.exists(self._folder):
            self._chunks.load(self._folder)

    def warm(self) -> None:
        self._chunks.batchtransform([_WARMING])

    def ingest(self, corpus: Path) -> int:
        self._chunks.index((chunk.id, chunk.text, None) for chunk in read_chunks(corpus))
        self._chunks.save(self._folder)
        return int(self._chunks.count())

    def search(self, query: str, k: int) -> list[str]:
        return [found["id"] for found in self._chunks.search(query, k)]

    def close(self) -> None:
        self._chunks.close()


PEERS: dict[str, Callable[[Path, Path], System]] = {
    "sentence-transformers": PlainChroma,
    "langchain": LangChain,
    "llamaindex": LlamaIndex,
    "haystack": Haystack,
    "txtai": Txtai,
}
